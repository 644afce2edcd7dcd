//! Every statement is served by an index: the query plans of `SQLite` show no walk through a whole table.

use calc::crm::SqliteStore;
use calc::internals::statements::ALL;

/// Statements that want everything a project has of something, or the first few in the order of an index.
fn is_for_whole_projects(name: &str) -> bool {
    name.starts_with("DUMP_")
        || name.starts_with("DEPTH_OF_")
        || [
            "PIPELINES",
            "FIRST_OPERATORS",
            "FIRST_LISTS",
            "FIRST_LABELS",
            "FIRST_TABLES",
            "OPERATOR_EMAILS",
            "PENDING_MESSAGES",
            "PENDING_REQUESTS",
            "CLAIM_REQUESTS",
            "DELETE_PROJECT",
            "JOINT_SIZE",
        ]
        .contains(&name)
}

#[test]
fn no_statement_walks_through_a_table_or_a_project() {
    let store = SqliteStore::in_memory().unwrap();
    let mut seen = 0;
    let has_plan = |sql: &str| !sql.contains("SAVEPOINT") && !sql.starts_with("CREATE");
    for statement in ALL.iter().filter(|statement| has_plan(statement.sql)) {
        let plan = store.plan(statement.sql).unwrap();
        for line in &plan {
            seen += usize::from(line.starts_with("SEARCH"));
            // `due` is what a claim has just picked, `counted` the first so many of something.
            assert!(
                !line.starts_with("SCAN") || ["SCAN CONSTANT ROW", "SCAN due", "SCAN counted"].contains(&line.as_str()),
                "{}: {plan:#?}",
                statement.name
            );
            let whole_project = line.contains("(project_id=?)") && !is_for_whole_projects(statement.name);
            assert!(!whole_project, "{}: {plan:#?}", statement.name);
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn lookups_by_key_use_the_index_made_for_them() {
    let store = SqliteStore::in_memory().unwrap();
    for (name, index) in [
        ("CLIENT_BY_PHONE", "calc_client_by_phone"),
        ("CLIENT_BY_EMAIL", "calc_client_by_email"),
        ("LINKED_CLIENTS", "calc_client_by_main"),
        ("OPERATOR_BY_EMAIL", "calc_operator_by_email"),
        ("DEALS_BY_VALUE", "calc_deal_variable_by_value"),
        ("DEALS_BY_STATUS", "calc_deal_by_client"),
        ("NEWEST_ACTIVE_DEAL", "calc_deal_by_client"),
        ("COUNT_DEALS_IN_STAGE", "calc_deal_by_stage"),
        ("PENDING_MESSAGES", "calc_pending"),
        ("QUEUED_CLIENTS", "calc_client_queued"),
        ("CLAIM_INCOMING", "calc_incoming_due"),
        ("CLAIMED_OUTGOING", "calc_outgoing_due"),
        ("CLAIMED_INCOMING", "calc_incoming_due"),
        ("CLAIMED_SCHEDULED", "calc_scheduled_due"),
        ("CLAIMED_QUEUED", "calc_client_queued"),
        ("PIPELINES", "calc_pipeline_by_position"),
        ("OPERATOR_LOADS", "calc_assignment_by_operator"),
        ("LISTS_BY_NAME", "calc_list_by_name"),
        ("LISTS_OF_CLIENT", "calc_lists_of_client"),
        ("LABELS_BY_NAME", "calc_label_by_name"),
        ("LABELS_OF_CLIENT", "calc_labels_of_client"),
        ("CLIENTS_WITH_LABELS", "calc_labels_of_client"),
        ("RECIPIENTS_IN_LIST", "calc_client_by_platform"),
        ("CLIENT_BY_PLATFORM", "calc_client_by_platform"),
        ("CLIENT_BY_ACCOUNT", "calc_client_by_platform"),
        ("PENDING_REQUESTS", "calc_request_in_order"),
        ("CLAIM_REQUESTS", "calc_request_in_order"),
        ("CLAIMED_REQUESTS", "calc_request_claimed"),
    ] {
        let statement = ALL.iter().find(|statement| statement.name == name).unwrap();
        let plan = store.plan(statement.sql).unwrap();
        assert!(plan.iter().any(|line| line.contains(index)), "{name}: {plan:#?}");
    }
}

#[test]
fn what_most_blocks_ask_needs_no_sorting() {
    let store = SqliteStore::in_memory().unwrap();
    for name in ["OPEN_CLIENT", "OPEN_DEAL", "OPEN_VARIABLES", "PIPELINES", "NEWEST_ACTIVE_DEAL"] {
        let statement = ALL.iter().find(|statement| statement.name == name).unwrap();
        let plan = store.plan(statement.sql).unwrap();
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{name}: {plan:#?}");
    }
}
