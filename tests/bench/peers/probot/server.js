// A Probot application that verifies and only logs: nothing is kept, nothing is handled.
import { Probot, Server } from "probot";
import { generateKeyPairSync } from "node:crypto";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const [port, secret] = process.argv.slice(2);
const server = new Server({
  Probot: Probot.defaults({ appId: 1, privateKey, secret, logLevel: "info" }),
  port: Number(port),
  host: "127.0.0.1",
  webhookPath: "/webhooks/github",
});
await server.load((app) => {
  app.onAny(async (context) => app.log.info({ event: context.name, id: context.id }, "received"));
});
await server.start();
