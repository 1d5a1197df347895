/** The encoder that comes with the workbench, used where none is named. Apart from the schemas: the window reads it too. */
export const DEFAULT_ENCODER = 'all-MiniLM-L6-v2'
