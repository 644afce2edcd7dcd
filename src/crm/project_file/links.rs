//! What items of a project file say of each other, checked once all of them are read: main clients and current deals.

use std::collections::{HashMap, HashSet};

use super::parse::Errors;
use super::{ClientFile, DealFile, ProjectFile, ProjectFileError};
use crate::crm::model::{Deal, DealStatus};
use crate::crm::{ClientId, DealId};
use crate::wording::message;

/// Linked groups are stars: a main client has none itself.
pub(super) fn check_links(file: &ProjectFile, errors: &mut Errors) {
    let places: HashMap<ClientId, usize> = file.clients.iter().zip(0..).map(|(entry, index)| (entry.client.id, index)).collect();
    for (index, entry) in file.clients.iter().enumerate() {
        let Some(main) = entry.client.main_client else { continue };
        let reason = match places.get(&main) {
            None => message!("file-no-client", client = main.to_string()),
            Some(other) if *other == index => message!("file-own-main-client"),
            Some(other) if file.clients[*other].client.main_client.is_some() => {
                message!("file-main-client-is-linked", client = main.to_string(), place = format!("clients[{other}].main_client"))
            }
            Some(_) => continue,
        };
        errors.0.push(ProjectFileError::new(format!("clients[{index}].main_client"), reason));
    }
}

/// Checks the current deals that are given and finds the others: the newest active one.
pub(super) fn set_current_deals(file: &mut ProjectFile, choices: &HashSet<ClientId>, errors: &mut Errors) {
    let mut newest: HashMap<ClientId, &Deal> = HashMap::new();
    for DealFile { deal, .. } in file.deals.iter().filter(|entry| entry.deal.status == DealStatus::Active) {
        let best = newest.entry(deal.client).or_insert(deal);
        if (deal.created_at, deal.id) > (best.created_at, best.id) {
            *best = deal;
        }
    }
    let deals: HashMap<DealId, (usize, ClientId, DealStatus)> =
        file.deals.iter().zip(0..).map(|(DealFile { deal, .. }, index)| (deal.id, (index, deal.client, deal.status))).collect();
    for (index, ClientFile { client, .. }) in file.clients.iter_mut().enumerate() {
        if let Some(deal) = client.current_deal {
            let of = |index: usize, key: &str| format!("deals[{index}].{key}");
            let id = deal.to_string();
            let reason = match deals.get(&deal) {
                None => Some(message!("file-no-deal", deal = id)),
                Some((at, owner, _)) if *owner != client.id => {
                    Some(message!("file-deal-of-another", deal = id, client = owner.to_string(), place = of(*at, "client")))
                }
                // A script may have chosen a closed one; a dump says so.
                Some((at, _, status)) if *status != DealStatus::Active && !choices.contains(&client.id) => {
                    Some(message!("file-current-deal-closed", deal = id, status = status.word(), place = of(*at, "status")))
                }
                Some(_) => None,
            };
            if let Some(reason) = reason {
                errors.0.push(ProjectFileError::new(format!("clients[{index}].current_deal"), reason));
                continue;
            }
        }
        if client.current_deal.is_none() || !client.current_deal_chosen {
            client.current_deal = newest.get(&client.id).map(|deal| deal.id);
            client.current_deal_chosen = false;
        }
    }
}
