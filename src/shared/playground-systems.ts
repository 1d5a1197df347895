/** What may rank a query in the playground, in the order of its columns. Apart from the schemas: the window reads it too. */
export const PLAYGROUND_SYSTEMS = ['frozen', 'this card', 'no card', 'another card', 'BM25', 'fused'] as const
