// Writes the real payloads of @octokit/webhooks-examples as JSON lines: {name, payload}.
import { createRequire } from "node:module";

const examples = createRequire(import.meta.url)("@octokit/webhooks-examples");
for (const { name, examples: payloads } of examples.default ?? examples) {
  for (const payload of payloads) process.stdout.write(JSON.stringify({ name, payload }) + "\n");
}
