{{ config(meta={'rule': 'T14', 'table': 'all facts'}) }}
{#- Keys of a fact that are absent from a dimension whose feed that source fills: an
    inferred member stands for each. Share of the rows that name any member of that
    dimension. -#}

{{ orphan_shares_above(var('orphan_share_limit')) }}
