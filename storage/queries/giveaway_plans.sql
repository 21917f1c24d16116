-- name: giveaway_draft_add!
insert into giveaways (id, community, prize, winners, hours, ends_at, plan, repeats, series,
                       created_at, last_number, entered, changes, counted,
                       campaign, disclosure_bn, disclosure_en)
values (:id, :community, :prize, :winners, :hours, :ends_at, :plan, :repeats, :series,
        :now, 0, 0, 0, 0, :campaign, :disclosure_bn, :disclosure_en);

-- name: giveaway_draft_get^
select * from giveaways where id = :id and community = :community and published_at is null;

-- name: giveaway_drafts
select * from giveaways where community = :community and published_at is null
order by created_at desc, id desc limit :most;

-- name: giveaway_draft_plan^
update giveaways set plan = :plan
where id = :id and community = :community and published_at is null
returning *;

-- name: giveaway_draft_opens^
update giveaways set opens_at = :opens_at
where id = :id and community = :community and published_at is null
returning *;

-- name: giveaway_draft_publish^
update giveaways
set published_at = :now, closes_at = :closes_at, params = :params, params_hash = :params_hash,
    rules_bn = :rules_bn, rules_en = :rules_en, log_number = 0, log_head = :params_hash
where id = :id and community = :community and published_at is null and plan = :plan
returning *;

-- name: giveaway_amend^
update giveaways
set closes_at = :closes_at, plan = :plan, params = :params, params_hash = :params_hash,
    rules_bn = :rules_bn, rules_en = :rules_en
where id = :id and community = :community and params_hash = :before
  and closes_at > :now and closes_at <= :closes_at
  and frozen_at is null and cancelled_at is null
returning *;

-- name: giveaway_repeats^
update giveaways set repeats = :repeats, series = coalesce(series, id)
where id = :id and community = :community
returning *;

-- name: giveaway_series_stop!
update giveaways set repeats = null
where community = :community and (id = :series or series = :series);

-- name: giveaways_repeating
select * from giveaways
where community = :community and repeats is not null and cancelled_at is null
  and not exists (select 1 from giveaways g where g.series = giveaways.series
                  and g.created_at > giveaways.created_at)
order by created_at desc, id desc limit :most;

-- name: giveaway_next_of^
select id from giveaways
where community = :community and series = :series and created_at > :created_at
limit 1;
