import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../src/base/codes.ts'
import { codesPage } from '../src/base/codes-page.ts'
import { packageRoot } from '../src/base/package-root.ts'

writeFileSync(join(packageRoot(), 'docs', 'codes.md'), codesPage(codes))
