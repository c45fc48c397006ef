# One image for every process of the cluster; which one it is says the command:
#   node dist/apps/api/main.js | dist/apps/gateway/main.js | dist/apps/projector/main.js

FROM node:24-bookworm-slim AS build
WORKDIR /tally
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && find dist \( -name '*.spec.js' -o -name '*.map' \) -delete

FROM node:24-bookworm-slim AS dependencies
WORKDIR /tally
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
# kafkajs computes timeouts that are over already; Node takes them for one millisecond, and would say so each time.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 NODE_OPTIONS=--disable-warning=TimeoutNegativeWarning
WORKDIR /tally
COPY package.json LICENSE ./
COPY apps/cli/tally.mjs apps/cli/tally.mjs
COPY --from=dependencies /tally/node_modules node_modules
COPY --from=build /tally/dist/libs dist/libs
COPY --from=build /tally/dist/apps dist/apps
COPY --from=build /tally/dist/web dist/web
# Volumes take their owner from these folders.
RUN install -d -o node -g node -m 700 /var/lib/tally/secrets /var/lib/tally/keys /var/lib/tally/demo
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/main.js"]
