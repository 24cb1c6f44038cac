import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Runs a tool that the generator needs; says which Debian package brings it when it is not there. */
export async function run(tool: string, args: string[], debianPackage = tool): Promise<string> {
  try {
    const { stdout } = await execFileAsync(tool, args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(`"${tool}" is not installed. Run: apt-get install ${debianPackage}`, { cause: error });
    }
    throw error;
  }
}
