// The record of a run: what each field means. C++ writes it (engine/page/record.cpp), the scripts
// read it. Numbers of values, events and groups count from 0.

// A text in each language, in the order of Run.languages.
type Said = string[];

// A list of steps (numbers in Run.ways) that lead from a place of one array to places of another;
// without one the places are the same. Places count in row-major order.
type Way = number[];

interface Run {
  circuit: string;
  language: number; // that the page opens in
  languages: { code: string; name: string }[];
  words: Record<string, Said>; // places are {0}, {1}, ...
  keys: { keys: string; does: Said }[];
  forms: Form[];
  window?: number; // large values hold so many rows and columns: the first, and the last
  values: Value[]; // every node in its place; null for one that is never shown
  events: StepEvent[];
  rules: { numpy: string; math: string; after?: number }[]; // after the rule of a use: what it sends back
  shapes: string[];
  ways: WayStep[];
  phases: { kind: number; begin: number; end: number; title: Said }[];
  groups: { name: Said; parent: number; size: number; own: number }[];
  checks: { passed: boolean; said: Said; numbers: Said }[];
  sections: { title: Said; html: Said; stretches: [number, number][] }[]; // steps, first to last
  notFinite?: number; // the step with the first number that is not finite
  numbers: string; // all exact numbers, float64 in base64
}

// How a number stands among others: what goes before one above 0, before 0 and nan, before one
// below 0 in place of its own sign; and what goes behind one below 0.
interface Form { plus: string; zero: string; minus: string; behind: string }

// Either the places one by one, or side by side: for each side of `to` a side of `from`, an index
// (as text), or null where it runs along all of that side.
type WayStep = { each: number[][] } | { each?: undefined; from: number[]; to: number[]; by: (number | string | null)[] };

interface Value {
  name: string; // not of what has no line of its own
  shape: number[];
  kind?: number; // in KINDS of record.js; 0 a value of the forward pass
  of?: number; // the value whose gradient this is, or goes into
  group?: number;
  station?: number;
  title?: string;
  symbol?: string;
  plain?: 1; // a number of the program's text
  formula?: Formula;
  as?: { node: number; way?: Way }; // its numbers are those of another value
  texts?: string; // the numbers that are held, row by row, spaces between them
  ranges?: string; // of the first elements the least and the greatest right answer
  at?: number; // where the exact ones begin in Run.numbers
  all?: { least: string; most: string; mean: string; norm: string }; // where not all are held
  range?: string; // the size of number that gets the full colour
  spread?: { low: string; high: string; below: number; counts: number[]; odd?: number };
  gradient?: Gradient;
  slopes?: Slopes;
}

// What finite differences measured: how far each is from the gradient (with spaces between; "-": not measured), its text
// where that is another than the gradient's, and which are too far.
interface Slopes { off: string; measured?: Record<string, string>; wrong?: number[] }

interface Formula {
  numpy: string;
  written?: 1; // it has no line of its own: its formula stands for its name
  terms?: (string | Term)[]; // without them, its places are too many to be told
  reads?: { node: number; way?: Way }[]; // all that one element is made of, where its terms are not
}
interface Term { node: number; way?: Way; form?: number }

interface Gradient {
  whole: number;
  parts?: { node: number; user: number }[]; // of more than one: what each use sends back
  sums?: number[]; // what holds the gradient so far: the first part, partial sums, the whole
}

interface StepEvent {
  node: number;
  said: Said;
  why?: Said;
  math: string; // the formula as MathML
  rule?: number;
  inside?: number[]; // the primitives within, the last is the node itself
  asks?: number[]; // what can be asked, the best first: 0 the shape, 1 the sign, 2 the value; else 1, 2, 0
  shapes: number[]; // to choose from, in Run.shapes
}
