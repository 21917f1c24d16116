-- What a draft says of its end: a moment, or, where that is null, `hours` after it is published.
alter table giveaways add column ends_at bigint;
