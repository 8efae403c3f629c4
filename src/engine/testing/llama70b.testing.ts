/** The files of Llama-2-70B without their weights: headers and index as they were published, sizes claimed. */
import type { ByteSource } from '../../formats/byte-source.ts';
import { byteLength, headerBytes, type WrittenEntry } from '../../formats/safetensors/write.ts';

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  hidden_size: 8192,
  intermediate_size: 28672,
  model_type: 'llama',
  num_attention_heads: 64,
  num_hidden_layers: 80,
  num_key_value_heads: 8,
  tie_word_embeddings: false,
  torch_dtype: 'float16',
  vocab_size: 32000,
};
/** Of a shard, as Transformers fills them: "10GB". */
const MAX_SHARD_BYTES = 10e9;

/** 723 tensors in 15 shards, their index and config.json; reading weights rejects. */
export function llama70bSources(folder = 'Llama-2-70b-hf'): ByteSource[] {
  const shards = sharded(llamaEntries());
  const nameOf = (index: number) =>
    `model-${String(index + 1).padStart(5, '0')}-of-${String(shards.length).padStart(5, '0')}.safetensors`;
  const files = shards.map((entries, index) => headerOnly(`${folder}/${nameOf(index)}`, entries));
  const index = {
    metadata: { total_size: shards.flat().reduce((total, entry) => total + byteLength(entry), 0) },
    weight_map: Object.fromEntries(shards.flatMap((entries, at) => entries.map(({ name }) => [name, nameOf(at)]))),
  };
  return [
    ...files,
    textSource(`${folder}/model.safetensors.index.json`, JSON.stringify(index)),
    textSource(`${folder}/config.json`, JSON.stringify(CONFIG)),
  ];
}

function llamaEntries(): WrittenEntry[] {
  const { hidden_size: hidden, intermediate_size: wide, vocab_size: vocabulary } = CONFIG;
  const entry = (name: string, ...shape: number[]): WrittenEntry => ({ name, dtype: 'F16', shape });
  const keys = (hidden / CONFIG.num_attention_heads) * CONFIG.num_key_value_heads;
  const layer = (at: string): WrittenEntry[] => [
    entry(`${at}.self_attn.q_proj.weight`, hidden, hidden),
    entry(`${at}.self_attn.k_proj.weight`, keys, hidden),
    entry(`${at}.self_attn.v_proj.weight`, keys, hidden),
    entry(`${at}.self_attn.o_proj.weight`, hidden, hidden),
    entry(`${at}.mlp.gate_proj.weight`, wide, hidden),
    entry(`${at}.mlp.up_proj.weight`, wide, hidden),
    entry(`${at}.mlp.down_proj.weight`, hidden, wide),
    entry(`${at}.input_layernorm.weight`, hidden),
    entry(`${at}.post_attention_layernorm.weight`, hidden),
  ];
  return [
    entry('model.embed_tokens.weight', vocabulary, hidden),
    ...Array.from({ length: CONFIG.num_hidden_layers }, (_, i) => layer(`model.layers.${i}`)).flat(),
    entry('model.norm.weight', hidden),
    entry('lm_head.weight', vocabulary, hidden),
  ];
}

function sharded(entries: readonly WrittenEntry[]): WrittenEntry[][] {
  const shards: WrittenEntry[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    if (bytes + byteLength(entry) > MAX_SHARD_BYTES) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)?.push(entry);
    bytes += byteLength(entry);
  }
  return shards;
}

function headerOnly(path: string, entries: readonly WrittenEntry[]): ByteSource {
  const header = headerBytes(entries, { format: 'pt' });
  return {
    path,
    size: header.length + entries.reduce((total, entry) => total + byteLength(entry), 0),
    read: async (begin, end) => {
      // Whoever does not know yet how long the header is asks for more from the begin on.
      if (begin > 0 && end > header.length) throw new Error(`${path}: only its header is there, asked for byte ${end}`);
      return header.slice(begin, end);
    },
  };
}

function textSource(path: string, text: string): ByteSource {
  const bytes = new TextEncoder().encode(text);
  return { path, size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) };
}
