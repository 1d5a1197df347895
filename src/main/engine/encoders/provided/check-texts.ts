/** What a provider is checked on before it is used: short and long, several scripts, code, numbers; 16 texts. */
export const CHECK_TEXTS: readonly string[] = [
  'a',
  'wedding music',
  'How do I restart a virtual machine from the command line?',
  'find . -name "*.log" -mtime +7 -exec rm {} ;',
  'The mitochondrion is the powerhouse of the cell, as every textbook says.',
  'SELECT name, COUNT(*) FROM visits GROUP BY name HAVING COUNT(*) > 10 ORDER BY 2 DESC',
  '0.1 + 0.2 = 0.30000000000000004',
  'Größere Städte haben längere Straßen.',
  '東京から京都まで新幹線で行く',
  'Где находится ближайшая библиотека?',
  'vaccination of children against measles, mumps and rubella: a systematic review of randomised trials',
  'GET /v1/projects/{project}/locations/{location}/clusters returns every cluster of a project in a zone.',
  'to be or not to be that is the question '.repeat(4).trim(),
  'A retrieval model ranks documents by the inner product of their vectors with that of the query. '
    .repeat(3)
    .trim(),
  'Dietary sodium, blood pressure and cardiovascular outcomes in older adults. '.repeat(6).trim(),
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen '
    .repeat(8)
    .trim(),
]
