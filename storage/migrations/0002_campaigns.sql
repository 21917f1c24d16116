-- Campaigns with a name, dates, products, a goal and a coupon; links that belong to a product, lead
-- elsewhere by language and device, and remember every change.
drop view sponsored_links;

-- `name` is empty where the brand's name says enough; `goal` is the number of clicks promised;
-- `utm` is 1 when destinations carry campaign parameters.
alter table campaigns add column name text not null default '';
alter table campaigns add column goal integer;
alter table campaigns add column coupon text;
alter table campaigns add column utm integer not null default 0;

create table products (
    id text primary key,
    campaign text not null references campaigns (id),
    name text not null,
    destination text not null,
    created_at bigint not null,
    unique (campaign, name)
);

-- A `direct` link is never a redirect of ours: its button leads to the shop, presses are counted.
alter table links add column product text references products (id);
alter table links add column direct integer not null default 0;

-- Where a link leads instead for readers of a language (bn, en) or on a device family (android, ios,
-- desktop); an empty one means any. The first that fits holds.
create table link_rules (
    link text not null references links (id),
    position integer not null,
    language text not null,
    device text not null,
    destination text not null,
    primary key (link, position)
);

-- What was changed when, for everyone who reads the report; `link` is null for the campaign's own.
create table campaign_changes (
    id text primary key,
    campaign text not null references campaigns (id),
    link text references links (id),
    at bigint not null,
    member text,
    field text not null,
    before text not null,
    after text not null
);
create index campaign_changes_campaign on campaign_changes (campaign, at);

-- A link with everything that must be shown beside it; it is over at `over_at`.
create view sponsored_links as
select l.id, l.slug, l.community, l.campaign, l.destination, l.placement, l.created_at,
       b.name as brand, c.disclosure_bn, c.disclosure_en, o.timezone,
       case when l.ended_at is null or c.ends_at < l.ended_at then c.ends_at else l.ended_at end
           as over_at,
       c.starts_at, c.name as campaign_name, c.utm, c.coupon, p.name as product, l.direct
from links l
join campaigns c on c.id = l.campaign
join brands b on b.id = c.brand
join communities o on o.id = l.community
left join products p on p.id = l.product;
