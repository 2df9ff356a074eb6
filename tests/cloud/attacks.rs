//! Requests that nobody sends by accident: none is answered with more than its sender may have, and none
//! breaks anything. What each route does with a wrong body is in the matrix.

mod headers;
mod hosts;
mod letters;
mod messages;
mod methods;
mod paths;
mod queries;
mod slow;
mod tokens;
mod unread;
