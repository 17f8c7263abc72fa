"""What the three `meta_` tables of mart.duckdb hold, in English and Chinese: their comments in the file."""

TABLES = {
    "meta_release": ("The release that this file is; one row.", "本文件所属的发布(仅一行)"),
    "meta_metric": ("The KPI catalogue; one row per KPI.", "指标目录,每个指标一行"),
    "meta_mart_column": (
        "One row per column of a released table, with unit and additivity.",
        "已发布表的每列一行,含单位与可加性",
    ),
}

COLUMNS = {
    "meta_release": {
        "release_id": ("Id of the release, also the name of its folder.", "发布编号,即其文件夹名"),
        "parent_id": ("Release that was current before; empty for the first.", "上一个发布编号,首个发布为空"),
        "as_of_date": ("Business date that the release speaks of, YYYY-MM-DD.", "截止业务日期"),
        "run_id": ("Run that built it.", "生成本发布的运行编号"),
        "verdict": ("What the gate said; only pass is published.", "质量闸门结论,仅 pass 可发布"),
        "logical_hash": (
            "SHA-256 over the sorted rows of all tables; the same again from the same inputs.",
            "全部表排序后行的 SHA-256,相同输入得到相同值",
        ),
        "reporting_currency": ("Currency of the *_reporting columns and the marts.", "报告币种"),
        "business_timezone": ("Time zone in which a business date is a day.", "业务时区"),
    },
    "meta_metric": {
        "id": ("Id of the KPI, such as K01.", "指标编号"),
        "en": ("Name in English.", "英文名称"),
        "zh": ("Name in Chinese.", "中文名称"),
        "formula_en": ("What is computed, in English.", "计算公式(英文)"),
        "formula_zh": ("What is computed, in Chinese.", "计算公式(中文)"),
        "numerator": ("What stands above the line, or the amount itself.", "分子,或金额本身"),
        "denominator": ("What stands below the line; - for none.", "分母,无则为 -"),
        "unit": ("money, ratio, count, days or score.", "单位:金额、比率、数量、天数或得分"),
        "additivity": (
            "A adds up, S not over time, N recompute from parts, L no parts that add up.",
            "可加性:A 可加,S 不可跨时间相加,N 由分子分母重算,L 不可合并",
        ),
        "direction": ("What is better: up, down, target or none.", "优化方向:升、降、目标值或无"),
        "edges": ("Codes of the rules for its edge cases, a JSON list.", "边界情形规则代码(JSON 列表)"),
        "required_feeds": ("Feeds without which it is NULL and no_data, a JSON list.", "必需接口(JSON 列表)"),
        "optional_feeds": ("Feeds without which it is partial, a JSON list.", "可选接口(JSON 列表)"),
        "owner": ("Department that answers for its definition.", "定义负责部门"),
        "target": ("Target value and where it comes from, JSON.", "目标值及其来源(JSON)"),
        "variants": ("Variants in mart_executive_overview, a JSON list.", "高管总览中的变体(JSON 列表)"),
        "columns": ("Mart columns that hold it or its parts, a JSON list.", "承载该指标的集市列(JSON 列表)"),
    },
    "meta_mart_column": {
        "table_name": ("Released table.", "已发布表名"),
        "column_position": ("Place in the table, from 1.", "列序号,从 1 起"),
        "column_name": ("Column.", "列名"),
        "data_type": ("Type in DuckDB's spelling.", "数据类型(DuckDB 写法)"),
        "unit": ("Unit of a measure; NULL for others.", "度量单位,其他列为空"),
        "additivity": ("Additivity of a measure (A, S, N, L); NULL for others.", "度量的可加性,其他列为空"),
        "description_en": ("What the column holds, in English.", "列说明(英文)"),
        "description_zh": ("What the column holds, in Chinese.", "列说明(中文)"),
    },
}  # fmt: skip
