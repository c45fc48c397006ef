/**
 * Access: accounts, tokens, sessions, the one table of role × action × area, and freezes of what the public sees. Imports
 * the domain only; adapters live apart.
 */
export * from './freezes.ts';
export * from './permissions.ts';
export * from './port.ts';
export { looksLikeToken, newToken } from './token.ts';
