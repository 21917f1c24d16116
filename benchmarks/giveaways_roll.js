// Seconds that roll() of npm's discord-giveaways takes: node giveaways_roll.js ENTRANTS WINNERS
// with NODE_PATH at its node_modules. Discord is an object in memory that answers at once, in
// pages of 100 as its API does, so that only the library's own work is counted.
'use strict';
const { Collection } = require('discord.js');
const { Giveaway } = require('discord-giveaways');
const { version } = require('discord-giveaways/package.json');

const FIRST = 100_000_000_000_000_000n; // ids are snowflakes: 18 digits, rising
const REACTION = '🎉';
const [entrants, winners] = process.argv.slice(2).map(Number);

const users = Array.from({ length: entrants }, (_, i) => ({ id: String(FIRST + BigInt(i)) }));

async function fetch({ after, limit = 100 } = {}) {
    const start = after === undefined ? 0 : Number(BigInt(after) - FIRST) + 1;
    return new Collection(users.slice(start, start + limit).map((user) => [user.id, user]));
}

const members = { fetch: async (id) => ({ id, permissions: { has: () => false } }) };
const reaction = { emoji: { name: REACTION, id: null }, users: { fetch } };
const reactions = { cache: new Collection([[REACTION, reaction]]) };
const message = { guild: { members }, reactions };
const channel = { messages: { fetch: async () => message } };
const channels = { fetch: async () => channel };
const client = { options: { intents: [] }, user: { id: '1' }, channels };
const defaults = { reaction: REACTION, botsCanWin: false, exemptPermissions: [] };
const manager = { client, giveaways: [], options: { default: defaults } };

async function main() {
    const giveaway = new Giveaway(manager, { winnerCount: winners, messageId: '2' });
    giveaway.message = message;
    const began = performance.now();
    const won = await giveaway.roll();
    const seconds = (performance.now() - began) / 1000;
    const places = new Set(won.map(({ id }) => Number(BigInt(id) - FIRST)));
    if (places.size !== winners || ![...places].every((at) => at >= 0 && at < entrants)) {
        throw new Error(`${places.size} winners of ${entrants}`);
    }
    console.log(JSON.stringify({ seconds, version }));
}

main();
