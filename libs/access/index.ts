/** Access: accounts, tokens, sessions, and the one table of role × action × area. Imports the domain only; adapters live apart. */
export * from './permissions.ts';
export * from './port.ts';
export { looksLikeToken, newToken } from './token.ts';
