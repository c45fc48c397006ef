/** What crosses HTTP and the socket: types and schemas shared by api, gateway, command line and web. Imports the domain only. */

export * from './answers.ts';
export * from './board.ts';
export * from './pages.ts';
export * from './replay.ts';
export * from './session.ts';
export * from './table.ts';
