/** What may rank a query in the playground, in the order of its columns. Apart from the schemas: the window reads it too. */
export const PLAYGROUND_SYSTEMS = ['frozen', 'no card', 'this card', 'another card', 'BM25', 'fused'] as const
