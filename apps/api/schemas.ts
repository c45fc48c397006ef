/** The schemas of what crosses HTTP, under one name. */
export * from '../../libs/wire/schemas/index.ts';
