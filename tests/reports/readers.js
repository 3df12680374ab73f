// What only npm has: called by ./readers, with NODE_PATH set to where the packages are.
//   readers.js markdown FILE            HTML as markdown-it makes it, with raw HTML and links from bare addresses
//   readers.js schema SCHEMA FILE…      holds JSON files to a draft-04 schema
//   readers.js sarif FILE…              the same with SARIF's own schema
'use strict';
const fs = require('fs');
const read = (path) => fs.readFileSync(path, 'utf8');

function validate(schema, files) {
  const Ajv = require('ajv-draft-04');
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  require('ajv-formats')(ajv);
  const isValid = ajv.compile(schema);
  let failed = false;
  for (const file of files) {
    if (!isValid(JSON.parse(read(file)))) {
      failed = true;
      for (const error of isValid.errors.slice(0, 5)) console.log(`${file}: ${error.instancePath} ${error.message}`);
    }
  }
  process.exit(failed ? 1 : 0);
}

const [mode, ...files] = process.argv.slice(2);
if (mode === 'markdown') {
  process.stdout.write(require('markdown-it')({ html: true, linkify: true }).render(read(files[0])));
} else if (mode === 'schema') {
  validate(JSON.parse(read(files[0])), files.slice(1));
} else {
  validate(JSON.parse(read(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'))), files);
}
