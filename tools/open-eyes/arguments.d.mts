export const HELP: string;
export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | {
      readonly kind: 'run';
      readonly inputs: readonly string[];
      readonly donors: readonly string[];
      readonly config: string | null;
      readonly out: string;
      readonly numVariations: number | null;
      readonly verbose: boolean;
    };
export function parseArguments(argv: readonly string[]): Arguments;
