//! What every function declares: that all are there, with their documentation, parameters and failure values.

use crate::support::{crm_functions, registry};

/// The 43 functions of the vendor's page, then the newer ones.
const ALL: &str = "was_in_state days_from_last_message free_client assign_to_user distribute_client get_operator get_operator_name
    delete_pended_messages set_note add_unread clear_unread unsubscribe block_client unblock_client set_client_name get_bind_clients
    get_current_pipline_id create_task update_task done_task delete_task get_order_id create_order set_order_name set_order_budget
    get_active_orders_ids get_success_orders_ids get_fail_orders_ids get_order_var get_order_vars set_order_var set_order_vars
    move_order_to_next_state set_order_status_success set_order_status_fail set_order_status_archive get_state_id change_state
    get_order_id_by_var_value latest_order_datetime count_client_orders get_count_orders delete_order
    switch_order assign_order_to_user get_order_operator check_operator_status get_client_var get_client_vars set_client_var
    set_client_vars
    message platform_message callback delete_pended_messages_from_list last_message_id last_messages_ids remove_last_message pause_bot
    get_client_id_by_platform_id find_client_id get_main_id merge_client unmerge_client get_block_name_by_id send_notification
    get_operator_info status_task
    create_list create_list_if_not_exist add_to_list move_to_list remove_from_list add_to_list_by_list_name move_to_list_by_list_name
    remove_from_list_by_list_name clear_list clear_list_by_list_name list_size list_size_by_list_name lists_joint_count inlist
    some_client_in_list random_list_member get_all_client_lists remove_list_from_project
    create_label create_label_if_not_exist add_label remove_label has_label remove_label_everywhere count_of_clients_with_label
    get_all_client_labels remove_multiple_client_labels has_client_multiple_labels find_clients_by_multiple_labels
    remove_label_from_project
    new_record edit_record delete_record get_record_data find_record get_records_from_table table_read_cells
    find_first_record_multiple_cols_row find_records_multiple_cols_list";

/// What depends on the clock shows no result.
const UNFORESEEABLE: &[&str] = &["days_from_last_message"];

#[test]
fn all_are_there() {
    let declared: Vec<&str> = crm_functions().iter().map(|builtin| builtin.name).collect();
    let missing: Vec<&str> = ALL.split_whitespace().filter(|name| !declared.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(declared.len(), 43 + 25 + 18 + 12 + 9);
    assert_eq!(registry().get("get_current_pipeline_id").map(|builtin| builtin.name), Some("get_current_pipline_id"));
}

#[test]
fn every_function_is_documented() {
    for builtin in crm_functions() {
        let name = builtin.name;
        let summary = builtin.summary();
        assert!(summary.ends_with('.') && summary.len() > 10, "{name}: {summary}");
        let lines: Vec<&str> = builtin.documentation.iter().map(|line| line.trim()).collect();
        let example = lines.iter().position(|line| *line == "```calc").unwrap_or_else(|| panic!("{name} has no example"));
        assert_eq!(lines.last(), Some(&"```"), "{name}");
        let mut names = std::iter::once(&name).chain(builtin.aliases);
        assert!(names.any(|name| lines[example..].iter().any(|line| line.contains(&format!("{name}(")))), "{name}");
        assert_eq!(lines[lines.len() - 2].contains("# => "), !UNFORESEEABLE.contains(&name), "{name}");
    }
}

#[test]
fn every_parameter_is_documented() {
    for builtin in crm_functions() {
        for parameter in builtin.parameters.iter() {
            let place = format!("{}({})", builtin.name, parameter.name);
            assert!(!parameter.about.is_empty() && !parameter.about.ends_with('.'), "{place}");
            assert_eq!(parameter.default.is_some(), !parameter.required, "{place} and its default");
        }
        assert!(builtin.acts, "{}", builtin.name);
        assert_eq!(builtin.failure.is_some(), !builtin.parameters.is_empty(), "{}: what can be refused has a failure value", builtin.name);
        assert!(!builtin.parameters.windows(2).any(|pair| !pair[0].required && pair[1].required), "{}", builtin.name);
    }
}

#[test]
fn required_parameters() {
    let required = |name: &str| registry().get(name).expect("a function").arity().0;
    for (name, count) in [
        ("create_order", 0),
        ("set_order_name", 1),
        ("set_order_budget", 1),
        ("create_task", 4),
        ("update_task", 5),
        ("done_task", 1),
        ("set_order_var", 3),
        ("set_order_vars", 2),
        ("get_order_vars", 1),
        ("get_order_id_by_var_value", 2),
        ("change_state", 1),
        ("get_state_id", 0),
        ("latest_order_datetime", 0),
        ("count_client_orders", 0),
        ("delete_order", 0),
        ("assign_to_user", 0),
    ] {
        assert_eq!(required(name), count, "{name}");
    }
    let latest = registry().get("latest_order_datetime").expect("a function");
    assert_eq!(latest.signature(), "latest_order_datetime(client_id=client_id, dt_fmt='%d.%m.%y %H:%M')");
    assert_eq!(latest.parameters[1].alias, Some("df_fmt"));
}
