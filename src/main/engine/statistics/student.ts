/** Two-sided p-value of Student's t (1908). */
export function studentP(t: number, degrees: number): number {
  return regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/** The t below which a Student variable lies with this probability. @param probability in [.5, 1) */
export function studentQuantile(probability: number, degrees: number): number {
  const tail = 2 * (1 - probability)
  let low = 0
  let high = 1
  while (studentP(high, degrees) > tail) high *= 2
  // 1 − F falls with t: halving finds it to the last bit that matters.
  for (let i = 0; i < 100 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2
    if (studentP(middle, degrees) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** I_x(a, b) by Lentz's continued fraction (Press et al., Numerical Recipes, 6.4). */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

const TINY = 1e-300

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return h
}

/** A zero in Lentz's method is moved away a little. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** Lanczos (1964), g = 607/128, the coefficients of Godfrey (2001): some fifteen digits for x > 0. */
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5,
  -2.6190838401581408e-5, 3.6899182659531625e-6,
]

function logGamma(x: number): number {
  const base = x + 607 / 128 - 0.5
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i)
  return (x - 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * sum)
}
