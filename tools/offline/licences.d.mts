export function packageOf(id: string): string | null;
export function licencesText(root: string, packages: readonly string[]): string;
