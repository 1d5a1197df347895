/** What we use of two packages that bring no types. */
declare module 'wink-bm25-text-search' {
  interface Engine {
    defineConfig(config: {
      fldWeights: Record<string, number>
      bm25Params?: { k1?: number; b?: number; k?: number }
    }): boolean
    definePrepTasks(tasks: readonly ((input: never) => unknown)[], field?: string): number
    addDoc(document: Record<string, string>, id: number): number
    /** `precision`: decimals of the stored weights, 4–9. */
    consolidate(precision?: number): boolean
    search(text: string, limit?: number): [id: string, score: number][]
    /** Per document its weights by token number; after `consolidate` these are complete BM25 term weights. */
    getDocs(): Record<string, { freq: Record<string, number>; length: number }>
    /** Token to token number. */
    getTokens(): Record<string, number>
  }
  export default function bm25(): Engine
}

declare module 'wink-nlp-utils' {
  const nlp: {
    string: {
      lowerCase(text: string): string
      /** Runs of ASCII letters, digits and underscores; elisions go, “n't” becomes “not”. */
      tokenize0(text: string): string[]
      amplifyNotElision(text: string): string
      removeElisions(text: string): string
    }
    tokens: {
      stem(tokens: string[]): string[]
      /** Without English stop words. */
      removeWords(tokens: string[]): string[]
    }
  }
  export default nlp
}
