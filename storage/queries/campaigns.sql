-- name: brand_hold!
update brands set name = name where id = :id;

-- name: campaign_hold!
update campaigns set name = name where id = :id and community = :community;

-- name: campaign_add!
insert into campaigns (id, community, brand, name, disclosure_bn, disclosure_en, key_sealed,
                       starts_at, ends_at, goal, coupon, utm)
values (:id, :community, :brand, :name, :disclosure_bn, :disclosure_en, :key_sealed,
        :starts_at, :ends_at, :goal, :coupon, :utm);

-- name: campaign_set!
update campaigns
set name = :name, disclosure_bn = :disclosure_bn, disclosure_en = :disclosure_en,
    starts_at = :starts_at, ends_at = :ends_at, goal = :goal, coupon = :coupon, utm = :utm
where id = :id and community = :community;

-- name: campaign_get^
select c.id, c.brand, b.name as brand_name, c.name, c.disclosure_bn, c.disclosure_en,
       c.starts_at, c.ends_at, c.goal, c.coupon, c.utm
from campaigns c join brands b on b.id = c.brand
where c.community = :community and c.id = :id;

-- name: campaign_running^
select c.id, c.brand, b.name as brand_name, c.name, c.disclosure_bn, c.disclosure_en,
       c.starts_at, c.ends_at, c.goal, c.coupon, c.utm
from campaigns c join brands b on b.id = c.brand
where c.community = :community and c.brand = :brand and (c.ends_at is null or c.ends_at > :now)
order by case when c.starts_at <= :now then 0 else 1 end, c.starts_at desc, c.id desc limit 1;

-- name: campaigns_newest
select c.id, c.brand, b.name as brand_name, c.name, c.disclosure_bn, c.disclosure_en,
       c.starts_at, c.ends_at, c.goal, c.coupon, c.utm
from campaigns c join brands b on b.id = c.brand
where c.community = :community
order by case when c.ends_at is null or c.ends_at > :now then 0 else 1 end,
         c.starts_at desc, c.id desc limit :most;

-- name: campaigns_of_brand
select c.id, c.brand, b.name as brand_name, c.name, c.disclosure_bn, c.disclosure_en,
       c.starts_at, c.ends_at, c.goal, c.coupon, c.utm
from campaigns c join brands b on b.id = c.brand
where c.community = :community and c.brand = :brand
  and exists (select 1 from links l where l.campaign = c.id)
order by c.starts_at desc, c.id desc limit :most;

-- name: campaigns_open
select c.id, c.brand, b.name as brand_name, c.name, c.disclosure_bn, c.disclosure_en,
       c.starts_at, c.ends_at, c.goal, c.coupon, c.utm
from campaigns c join brands b on b.id = c.brand
where c.community = :community and c.starts_at <= :now
  and (c.ends_at is null or c.ends_at > :now)
  and (not exists (select 1 from links l where l.campaign = c.id)
       or exists (select 1 from links l where l.campaign = c.id and l.ended_at is null))
order by lower(b.name), c.starts_at, c.id limit :most;

-- name: products_of
select id, name, destination from products where campaign = :campaign order by created_at, id;

-- name: product_add!
insert into products (id, campaign, name, destination, created_at)
values (:id, :campaign, :name, :destination, :now);

-- name: product_set!
update products set destination = :destination where id = :id and campaign = :campaign;

-- name: product_links
update links set destination = :after
where campaign = :campaign and product = :product and destination = :before and ended_at is null
returning id;

-- name: change_add!
insert into campaign_changes (id, campaign, link, at, member, field, before, after)
values (:id, :campaign, :link, :at, :member, :field, :before, :after);

-- name: changes_of
select h.at, h.field, h.before, h.after, l.slug, l.placement
from campaign_changes h
join campaigns c on c.id = h.campaign
left join links l on l.id = h.link
where c.community = :community and h.campaign = :campaign
order by h.at desc, h.id desc limit :most;

-- name: changes_forget!
update campaign_changes set member = null where member = :member;
