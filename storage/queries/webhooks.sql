-- Every question about a hook names its community; a hook belongs to one campaign for ever.

-- name: hook_add!
insert into hooks (id, community, campaign, address_sealed, key_sealed, made_at)
select :id, :community, c.id, :address_sealed, :key_sealed, :now
from campaigns c where c.community = :community and c.id = :campaign;

-- name: hooks_count^
select count(*) as hooks from hooks
where community = :community and campaign = :campaign and ended_at is null;

-- name: hooks_end!
update hooks set ended_at = :now
where community = :community and campaign = :campaign and ended_at is null;

-- name: hooks_live
select h.id, h.campaign, c.starts_at, c.ends_at
from hooks h join campaigns c on c.id = h.campaign
where h.community = :community and h.ended_at is null
order by h.id;

-- name: hook_counts^
select k.counts
from seals s join sealed_campaigns k on k.seal = s.id
where s.community = :community and k.campaign = :campaign
  and s.day = :day and s.revision = :revision;

-- name: hook_delivery_add!
insert into hook_deliveries (id, hook, seal, made_at, body, attempts, outcome)
select :id, h.id, s.id, :now, '', 0, '' from hooks h join seals s on s.community = h.community
where h.community = :community and h.id = :hook and s.id = :seal
on conflict (hook, seal) do nothing;

-- name: hook_delivery_get^
select d.id, d.hook, d.made_at, d.body, d.attempts, h.campaign, h.address_sealed, h.key_sealed,
       s.number, s.day, s.revision, s.root
from hook_deliveries d join hooks h on h.id = d.hook join seals s on s.id = d.seal
where h.community = :community and d.id = :id and d.done_at is null and h.ended_at is null;

-- name: hook_body_put!
update hook_deliveries set body = :body where id = :id and body = '';

-- name: hook_delivery_again!
update hook_deliveries set attempts = attempts + 1, outcome = :outcome
where id = :id and done_at is null;

-- name: hook_delivery_done!
update hook_deliveries set done_at = :now, attempts = attempts + 1, outcome = :outcome
where id = :id and done_at is null;

-- name: hook_deliveries_forget!
delete from hook_deliveries where made_at < :before;

-- name: hook_told!
update hooks set told_at = :now where community = :community and id = :id and told_at is null;

-- name: hook_well!
update hooks set told_at = null where community = :community and id = :id and told_at is not null;

-- name: hook_end!
update hooks set ended_at = :now where community = :community and id = :id and ended_at is null;
