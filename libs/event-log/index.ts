/** The log: port and contract. Imports the domain only; adapters live in folders of their own. */
export * from './port.ts';
