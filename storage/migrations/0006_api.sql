-- The programs of a brand: tokens of one campaign each, and the sales they tell us of.

-- `hash` is that of the token that reads figures; `key_sealed` signs postbacks and is sealed.
create table api_tokens (
    id text primary key,
    hash text not null unique,
    key_sealed text not null,
    community text not null references communities (id),
    campaign text not null references campaigns (id),
    made_at bigint not null,
    revoked_at bigint
);
create index api_tokens_campaign on api_tokens (campaign);

-- Postbacks that came a short while ago, so that none is taken a second time.
create table postbacks (
    token text not null references api_tokens (id),
    signature text not null,
    at bigint not null,
    primary key (token, signature)
);
create index postbacks_at on postbacks (at);

-- A sale as the brand tells it, by its own number. `amount` is in the currency's smallest unit.
create table conversions (
    campaign text not null references campaigns (id),
    transaction_id text not null,
    at bigint not null,
    amount bigint not null,
    currency text not null,
    reversed_at bigint,
    primary key (campaign, transaction_id)
);
