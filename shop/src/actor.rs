//! Who is asking. Every intent that not everybody may do decides here.

use domain::{
    ids::{CartId, CustomerId, StaffId},
    staff::{Permission, Roles},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A shopper without an account, known by the cart in their signed cookie.
    Guest { cart: Option<CartId> },
    /// A shopper who is logged in.
    Customer { id: CustomerId, cart: Option<CartId> },
    /// Somebody of the staff who is logged in with both factors.
    Staff { id: StaffId, roles: Roles },
    /// Somebody at the command line of the server.
    Operator,
    /// A worker, a webhook.
    System,
}

/// What an intent of staff is refused with when the person's roles do not reach so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("this needs another role")]
pub struct NotAllowed;

impl Actor {
    #[must_use]
    pub fn cart(self) -> Option<CartId> {
        match self {
            Self::Guest { cart } | Self::Customer { cart, .. } => cart,
            Self::Staff { .. } | Self::Operator | Self::System => None,
        }
    }

    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Customer { id, .. } => Some(id),
            _ => None,
        }
    }

    #[must_use]
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whoever holds the server's command line may do everything, as may the shop itself.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        match self {
            Self::Staff { roles, .. } => roles.may(permission),
            Self::Operator | Self::System => true,
            Self::Guest { .. } | Self::Customer { .. } => false,
        }
    }

    /// # Errors
    /// The person's roles do not reach so far.
    pub fn needs(self, permission: Permission) -> Result<(), NotAllowed> {
        if self.may(permission) { Ok(()) } else { Err(NotAllowed) }
    }

    #[must_use]
    pub fn may_move_orders(self) -> bool {
        self.may(Permission::HandleOrders)
    }
}
