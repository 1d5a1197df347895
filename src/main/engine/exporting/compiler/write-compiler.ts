import type { CompilerFormat, CompilerPlan } from '../formats/export-format'
import { type ExportAbout, writeProved } from '../write-export'
import { type CompilerCertificate, certifyCompiler, compilerCertificate } from './certify-compiler'
import type { CompilerMaterial } from './compiler-material'
import { compilerReadme } from './compiler-readme'

/** Fills an empty folder with a compiler. @throws EXPORT_DIFFERS as writeProved */
export function writeCompiler(
  material: CompilerMaterial,
  { format, plan }: { readonly format: Pick<CompilerFormat, 'name' | 'title'>; readonly plan: CompilerPlan },
  about: Omit<ExportAbout, 'background'>,
  folder: string,
): Promise<CompilerCertificate> {
  return writeProved(
    {
      format,
      plan,
      prove: async (filled) => certifyCompiler(material, await plan.run(filled, about.signal)),
      certificate: (made) => compilerCertificate(material, made),
      readme: (said) => compilerReadme(material, { format, plan }, said),
    },
    about,
    folder,
  )
}
