-- Addresses of a brand's programs that are told each sealed day of one campaign.

-- `key_sealed` signs what is sent; `told_at` is when the team was told that it does not arrive, null
-- again once it does; `ended_at` when it was taken back, or said that it is gone.
create table hooks (
    id text primary key,
    community text not null references communities (id),
    campaign text not null references campaigns (id),
    address_sealed text not null,
    key_sealed text not null,
    made_at bigint not null,
    told_at bigint,
    ended_at bigint
);
create index hooks_community on hooks (community);

-- One entry of the chain on its way to one address; `id` is the same however often it is tried.
-- `body` is empty until it is written, and never changes after that; `outcome` is "" for a day that
-- arrived, else why it did not.
create table hook_deliveries (
    id text primary key,
    hook text not null references hooks (id),
    seal text not null references seals (id),
    made_at bigint not null,
    body text not null,
    attempts integer not null,
    outcome text not null,
    done_at bigint,
    unique (hook, seal)
);
create index hook_deliveries_made on hook_deliveries (made_at);

-- `click_ids` is 1 when the shop is given an id of each click, by which it may tell us of a sale.
alter table links add column click_ids integer not null default 0;
drop view sponsored_links;
create view sponsored_links as
select l.id, l.slug, l.community, l.campaign, l.destination, l.placement, l.created_at,
       b.name as brand, c.disclosure_bn, c.disclosure_en, o.timezone,
       case when l.ended_at is null or c.ends_at < l.ended_at then c.ends_at else l.ended_at end
           as over_at,
       c.starts_at, c.name as campaign_name, c.utm, c.coupon, p.name as product, l.direct, l.rules,
       l.click_ids
from links l
join campaigns c on c.id = l.campaign
join brands b on b.id = c.brand
join communities o on o.id = l.community
left join products p on p.id = l.product;

-- The link whose click a sale came of, where the brand named the click.
alter table conversions add column link text references links (id);
