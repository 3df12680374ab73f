// SPDX-License-Identifier: Apache-2.0
// Where this repository is; PROGRAM is the last argument of a suite.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const here = fs.realpathSync(path.dirname(fileURLToPath(import.meta.url)));
export const root = path.dirname(path.dirname(here));
export const program = process.argv.at(-1);
export const read = name => fs.readFileSync(path.join(root, name), 'utf8');
