-- Every question about sales names the community and the campaign, as those about figures do.

-- name: api_token_add!
insert into api_tokens (id, hash, key_sealed, community, campaign, made_at)
select :id, :hash, :key_sealed, :community, c.id, :now
from campaigns c where c.community = :community and c.id = :campaign;

-- name: api_token_by_hash^
select id, key_sealed, community, campaign from api_tokens
where hash = :hash and revoked_at is null;

-- name: api_token_by_id^
select id, key_sealed, community, campaign from api_tokens where id = :id and revoked_at is null;

-- name: api_tokens_revoke!
update api_tokens set revoked_at = :now
where community = :community and campaign = :campaign and revoked_at is null;

-- name: postback_add!
insert into postbacks (token, signature, at) values (:token, :signature, :at)
on conflict (token, signature) do nothing;

-- name: postbacks_expire!
delete from postbacks where at < :before;

-- name: conversion_add!
insert into conversions (campaign, transaction_id, at, amount, currency, link)
select c.id, :transaction_id, :now, :amount, :currency,
       (select l.id from clicks k join links l on l.id = k.link
        where k.id = :click and l.campaign = c.id)
from campaigns c where c.community = :community and c.id = :campaign
on conflict (campaign, transaction_id) do nothing;

-- name: conversion_find^
select v.amount, v.currency, v.reversed_at
from campaigns c join conversions v on v.campaign = c.id
where c.community = :community and c.id = :campaign and v.transaction_id = :transaction_id;

-- name: conversion_reverse!
update conversions set reversed_at = :now
where transaction_id = :transaction_id and reversed_at is null
  and campaign = (select c.id from campaigns c where c.community = :community and c.id = :campaign);

-- name: conversions_places
select l.placement, v.currency, count(*) as sales, cast(sum(v.amount) as bigint) as amount
from campaigns c join conversions v on v.campaign = c.id join links l on l.id = v.link
where c.community = :community and c.id = :campaign and v.reversed_at is null
group by l.placement, v.currency order by l.placement, v.currency;

-- name: conversions_sums
select v.currency,
       cast(sum(case when v.reversed_at is null then 1 else 0 end) as bigint) as sales,
       cast(sum(case when v.reversed_at is null then v.amount else 0 end) as bigint) as amount,
       cast(sum(case when v.reversed_at is null then 0 else 1 end) as bigint) as reversed
from campaigns c join conversions v on v.campaign = c.id
where c.community = :community and c.id = :campaign
group by v.currency order by v.currency;
