-- Whose click it is, as far as the community and the member allow it.

-- on: the team may see which members opened a link; pseudonymous: members are told apart, never
-- named; off: no personal links are given.
alter table communities add column identity text not null default 'pseudonymous';

-- Members who asked not to be told apart.
create table untracked (
    member text primary key references members (id),
    at bigint not null
);

-- `incentive` is 1 when the link was given for a giveaway's ticket.
alter table link_tokens add column incentive integer not null default 0;
-- `named` is 1 when the member was told that the team may see them open it; `opened_at` is when
-- they themselves opened it first, in time, and is kept of such links and those for a ticket alone.
alter table link_tokens add column named integer not null default 0;
alter table link_tokens add column opened_at bigint;
create index link_tokens_named on link_tokens (link) where named = 1;

-- Presses of a button that promises a link; whether the shop opened is said by the clicks.
create table link_intents (
    link text not null references links (id),
    day text not null,
    platform text not null,
    intents bigint not null,
    primary key (link, day, platform)
);
