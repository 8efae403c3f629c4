/** Configurations as text. */
import { Document, isScalar, visit } from 'yaml';

export function yamlText(content: object): string {
  // mergekit reads YAML 1.1, where a path called "no" is false unless it is quoted.
  const document = new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    // Values over the layers stand on one line.
    Seq(_key, list) {
      list.flow = list.items.length > 0 && list.items.every((item) => isScalar(item) && typeof item.value !== 'string');
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
