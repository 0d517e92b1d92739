//! What stands where in the protocol's own objects, in both versions and bindings.

/// Which of the protocol's own objects something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// One of the others, under its name.
    Payload,
    /// A task.
    Task,
    /// How a task stands.
    Status,
    /// A message.
    Message,
    /// What a task produced.
    Artifact,
    /// A part of a message or artifact.
    Part,
    /// A file of version 0.3.
    File,
    /// What changed in a task.
    Update,
    /// Who is notified, in any form.
    Push,
    /// How that one knows who notifies it.
    Authentication,
    /// A list of tasks.
    Tasks,
    /// A list of who is notified.
    Configs,
    /// An agent card.
    Card,
    /// A skill in it.
    Skill,
    /// An error.
    Error,
    /// An error under its name.
    ErrorFrame,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A word of the protocol: by grammar, or it is a text.
    Id,
    /// An array of these.
    Ids,
    /// A word of the protocol.
    Word,
    /// A time.
    Time,
    /// A number.
    Count,
    /// Yes or no.
    Flag,
    /// The server's own mark, which must come back as it was.
    Mark,
    /// An object of the protocol.
    Inside(Place),
    /// The same, where paths begin as well.
    Root(Place),
    /// An array of them.
    Each(Place),
    /// A text that must be there: what somebody says in one piece.
    Text,
    /// A text that must be there: what a program says.
    Message,
    /// An address that must be there.
    Address,
    /// Bytes in base64 that must be there.
    Blob,
    /// A media type.
    Media,
    /// Somebody's data, which must be there.
    Data,
    /// An array of somebody's.
    List,
    /// Anything.
    Any,
}

impl Place {
    /// The members that are looked at by name.
    pub(super) fn members(self) -> &'static [(&'static str, Role)] {
        use Role::{
            Address, Any, Blob, Count, Data, Each, Flag, Id, Ids, Inside, List, Mark, Media, Message, Root, Text, Time,
            Word,
        };
        match self {
            Place::Payload => &[
                ("task", Root(Place::Task)),
                ("message", Root(Place::Message)),
                ("msg", Root(Place::Message)),
                ("statusUpdate", Root(Place::Update)),
                ("artifactUpdate", Root(Place::Update)),
            ],
            Place::Task => &[
                ("kind", Word),
                ("id", Id),
                ("contextId", Id),
                ("status", Inside(Place::Status)),
                ("artifacts", Each(Place::Artifact)),
                ("history", Each(Place::Message)),
                ("metadata", Data),
            ],
            Place::Status => &[("state", Word), ("message", Inside(Place::Message)), ("timestamp", Time)],
            Place::Message => &[
                ("kind", Word),
                ("messageId", Id),
                ("contextId", Id),
                ("taskId", Id),
                ("role", Word),
                ("parts", Each(Place::Part)),
                ("content", Each(Place::Part)),
                ("metadata", Data),
                ("extensions", List),
                ("referenceTaskIds", Ids),
            ],
            Place::Artifact => &[
                ("artifactId", Id),
                ("name", Text),
                ("description", Text),
                ("parts", Each(Place::Part)),
                ("metadata", Data),
                ("extensions", List),
            ],
            Place::Part => &[
                ("kind", Word),
                ("text", Text),
                ("file", Inside(Place::File)),
                ("data", Data),
                ("raw", Blob),
                ("url", Address),
                ("metadata", Data),
                ("filename", Text),
                ("mediaType", Media),
            ],
            Place::File => &[
                ("bytes", Blob),
                ("fileWithBytes", Blob),
                ("uri", Address),
                ("fileWithUri", Address),
                ("mimeType", Media),
                ("name", Text),
            ],
            Place::Update => &[
                ("kind", Word),
                ("taskId", Id),
                ("contextId", Id),
                ("status", Inside(Place::Status)),
                ("artifact", Inside(Place::Artifact)),
                ("final", Flag),
                ("append", Flag),
                ("lastChunk", Flag),
                ("metadata", Data),
            ],
            Place::Push => &[
                ("name", Id),
                ("tenant", Id),
                ("id", Id),
                ("taskId", Id),
                ("url", Address),
                ("token", Message),
                ("authentication", Inside(Place::Authentication)),
                ("pushNotificationConfig", Inside(Place::Push)),
            ],
            Place::Authentication => &[("scheme", Word), ("schemes", List), ("credentials", Message)],
            Place::Tasks => {
                &[("tasks", Each(Place::Task)), ("nextPageToken", Mark), ("pageSize", Count), ("totalSize", Count)]
            }
            Place::Configs => &[("configs", Each(Place::Push)), ("nextPageToken", Mark)],
            Place::Card => {
                &[("name", Message), ("description", Message), ("url", Address), ("skills", Each(Place::Skill))]
            }
            Place::Skill => &[("id", Id), ("name", Message), ("description", Message)],
            Place::Error => &[
                ("code", Count),
                ("status", Any),
                ("type", Word),
                ("message", Message),
                ("detail", Any),
                ("details", Any),
                ("data", Any),
            ],
            Place::ErrorFrame => &[("error", Root(Place::Error))],
        }
    }

    /// What a member is.
    pub(super) fn role(self, name: &str) -> Role {
        let own = self.members().iter().find(|(own, _)| *own == name);
        own.map_or(Role::Any, |(_, role)| *role)
    }
}
