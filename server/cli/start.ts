/** `undertone start`: the server, with the arguments that it takes itself. */
export async function run(args: string[]): Promise<number> {
  process.argv.splice(2, process.argv.length, ...args);
  await import('../main.ts');
  return 0;
}
