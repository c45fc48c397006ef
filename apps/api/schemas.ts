/** The schemas of what crosses HTTP, under one name. */
export * from '#wire/schemas';
