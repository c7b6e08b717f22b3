"""Where the handlers live: in a service that GitHub sends webhooks to, or in a job that Actions starts."""
