namespace MatchCluster.Api.Http.Failures;

/// <summary>
/// The numbers in OSIA's <c>Error.code</c> and in the <c>code</c> of our problem documents. Frozen: a number
/// keeps its meaning, new meanings get new numbers. 1xxx: the request (11xx: who sent it; 12xx: what was agreed; 13xx:
/// the protection of its data; 14xx: who decides; 15xx: tasks and callbacks;
/// 17xx: change logs and packs; 18xx: subscriptions; 19xx: service levels);
/// 2xxx: not offered; 3xxx: try again; 9xxx: us.
/// </summary>
internal enum FailureCode
{
    /// <summary>The body is not JSON of the shape the contract asks for.</summary>
    MalformedBody = 1001,

    /// <summary>The body is not declared as JSON.</summary>
    UnsupportedMediaType = 1002,

    /// <summary>The body or one line of it is longer than its limit.</summary>
    BodyTooLarge = 1003,

    /// <summary>A query parameter or header is missing, malformed or out of range.</summary>
    InvalidParameter = 1004,

    /// <summary>
    /// A person, encounter, gallery or transaction id breaks the one rule of identifiers.
    /// </summary>
    InvalidIdentifier = 1005,

    /// <summary>A property of the encounter is missing, malformed or over its limit.</summary>
    InvalidEncounter = 1006,

    /// <summary>A biometric item contradicts itself or lacks what it needs.</summary>
    InvalidBiometricData = 1007,

    /// <summary>A biometric type, image, reference, format or protection that is not supported.</summary>
    UnsupportedBiometricData = 1008,

    /// <summary>A template is not what its format says; the message names byte, found and wanted.</summary>
    RejectedTemplate = 1009,

    /// <summary>A filter is unknown or malformed.</summary>
    InvalidFilter = 1010,

    /// <summary>The engine refuses the request as it is.</summary>
    Refused = 1011,

    /// <summary>The named person, encounter, gallery or task does not exist.</summary>
    Unknown = 1012,

    /// <summary>An identifier is taken already.</summary>
    Conflict = 1013,

    /// <summary>Another malformation found by the web server.</summary>
    BadRequest = 1014,

    /// <summary>
    /// Nobody of the gallery has a sample that can be compared with the probe: no comparison was made.
    /// </summary>
    NothingComparable = 1015,

    /// <summary>No route of this path.</summary>
    NoSuchRoute = 1016,

    /// <summary>The route of this path does not take this method.</summary>
    MethodNotAllowed = 1017,

    /// <summary>A picture that cannot be decoded, or that gives no template.</summary>
    RejectedImage = 1018,

    /// <summary>A picture's quality is below the one that the caller asks for.</summary>
    QualityTooLow = 1019,

    /// <summary>The Host of the request is not this server.</summary>
    OtherHost = 1020,

    /// <summary>The request comes from a web page of another origin.</summary>
    OtherOrigin = 1021,

    /// <summary>The picture that imageRef names was not got from its server.</summary>
    ImageNotFetched = 1022,

    /// <summary>A field of a document that administrators sign is not what it may be.</summary>
    InvalidDocument = 1023,

    /// <summary>Neither a token nor a certificate came with the request.</summary>
    CredentialsMissing = 1101,

    /// <summary>What came as a token is none: no Bearer, two headers, too long, no JWT.</summary>
    TokenMalformed = 1102,

    /// <summary>The token's signature, its algorithm or its key is not the issuer's.</summary>
    TokenSignature = 1103,

    /// <summary>The token was valid, and is no more.</summary>
    TokenExpired = 1104,

    /// <summary>The token is not valid yet.</summary>
    TokenNotYetValid = 1105,

    /// <summary>The token is of another issuer.</summary>
    TokenIssuer = 1106,

    /// <summary>The token is for another server.</summary>
    TokenAudience = 1107,

    /// <summary>The token lacks a claim, or has one that cannot be.</summary>
    TokenClaims = 1108,

    /// <summary>The client's certificate is of no partner or authority, not valid now, or revoked.</summary>
    CertificateRefused = 1109,

    /// <summary>Token and certificate are of two partners.</summary>
    CredentialsDisagree = 1110,

    /// <summary>The credentials are good, but do not allow this operation.</summary>
    ScopeMissing = 1111,

    /// <summary>The route has no rule who may call it; nobody may.</summary>
    NoRule = 1112,

    /// <summary>A program calls where natural persons sign.</summary>
    PersonRequired = 1113,

    /// <summary>The call does not say on whose behalf it is made.</summary>
    CallerNotStated = 1201,

    /// <summary>The partner has no agreement, or not the one that it names.</summary>
    NoAgreement = 1202,

    /// <summary>The agreement's time is over.</summary>
    AgreementExpired = 1203,

    /// <summary>The agreement's time has not begun.</summary>
    AgreementNotYetValid = 1204,

    /// <summary>The agreement is suspended.</summary>
    AgreementSuspended = 1205,

    /// <summary>The agreement is in its pilot phase, which is for tests alone.</summary>
    AgreementInPilot = 1206,

    /// <summary>No purpose was stated, and the agreement has several.</summary>
    PurposeMissing = 1207,

    /// <summary>The stated purpose is on no list.</summary>
    PurposeUnknown = 1208,

    /// <summary>The agreement does not name the stated purpose.</summary>
    PurposeNotGranted = 1209,

    /// <summary>The agreement does not name the gallery for this operation.</summary>
    GalleryNotGranted = 1210,

    /// <summary>The gallery belongs to another partner.</summary>
    GalleryOfAnotherOwner = 1211,

    /// <summary>What would be changed or deleted belongs to another partner.</summary>
    NotOwner = 1212,

    /// <summary>The agreement does not name the modality.</summary>
    ModalityNotGranted = 1213,

    /// <summary>The stated threshold is below the agreement's.</summary>
    ThresholdTooLow = 1214,

    /// <summary>The stated priority is above the agreement's.</summary>
    PriorityTooHigh = 1215,

    /// <summary>The agreement releases less than the operation shows.</summary>
    ReleaseTooSmall = 1216,

    /// <summary>The quota of the day, or the rate, is used up.</summary>
    QuotaExceeded = 1217,

    /// <summary>
    /// An encryption or a signature of the data is malformed, or of an algorithm or a key that is not taken.
    /// </summary>
    ProtectionMalformed = 1301,

    /// <summary>An encrypted part of the data cannot be opened: it was changed, or is for another key.</summary>
    NotOpened = 1302,

    /// <summary>A hash or a signature of the data is not that of what was sent, or of who sent it.</summary>
    SignatureRefused = 1303,

    /// <summary>The data lacks the encryption or the signature that is agreed with the partner.</summary>
    ProtectionMissing = 1304,

    /// <summary>The answer cannot be encrypted or signed as it was asked for.</summary>
    AnswerUnprotected = 1305,

    /// <summary>The caller's partner may not see the candidate's details, or not decide about it.</summary>
    MayNotDecide = 1401,

    /// <summary>This person has decided about the candidate already.</summary>
    DecidedAlready = 1402,

    /// <summary>Two persons agree about the candidate already, or the case's time has ended.</summary>
    CaseClosed = 1403,

    /// <summary>The case does not keep its probe, and it was not sent again.</summary>
    ProbeNeeded = 1404,

    /// <summary>Another request was accepted with the same transaction.</summary>
    TransactionConflict = 1501,

    /// <summary>Nothing of the call may be kept, and a call with a callback is kept until it is executed.</summary>
    TaskNotKept = 1502,

    /// <summary>As many tasks wait as the server keeps.</summary>
    TasksFull = 1503,

    /// <summary>The caller's partner has as many tasks as the server keeps for one.</summary>
    TasksOfPartnerFull = 1504,

    /// <summary>The callback's server is not on the list, or not for this caller.</summary>
    CallbackRefused = 1551,

    /// <summary>The change log does not keep the position that is asked for any more.</summary>
    ChangesCompacted = 1701,

    /// <summary>The change log has not reached the position that is asked for.</summary>
    ChangesNotReached = 1702,

    /// <summary>The server keeps no change logs.</summary>
    ChangesNotKept = 1703,

    /// <summary>The copy of a gallery has expired.</summary>
    PackExpired = 1704,

    /// <summary>The gallery is a copy that nobody changes.</summary>
    PackReadOnly = 1705,

    /// <summary>The pack cannot be made.</summary>
    PackNotMade = 1706,

    /// <summary>A report of hits that the copy did not sign, or about another pack.</summary>
    PackReportRefused = 1707,

    /// <summary>The server keeps no subscriptions.</summary>
    SubscriptionsNotKept = 1801,

    /// <summary>Nothing of the call may be kept, and a subscription is kept.</summary>
    SubscriptionNotKept = 1802,

    /// <summary>The service level that the call names is not served, or it names two.</summary>
    UnknownServiceLevel = 1901,

    /// <summary>A rapid search with fewer fingers than it needs.</summary>
    TooFewFingers = 1902,

    /// <summary>An item of a type that is not compared is longer than is kept of such items.</summary>
    OpaqueTooLarge = 1903,

    /// <summary>A queue or the admission gate is full.</summary>
    Overloaded = 3001,

    /// <summary>A part of the gallery could not be searched and the rest holds no candidate.</summary>
    Incomplete = 3002,

    /// <summary>The partition or its store cannot answer now.</summary>
    Unavailable = 3003,

    /// <summary>The store failed in a way that asking again does not mend.</summary>
    StorageFailed = 3004,

    /// <summary>The deadline passed before there was an answer.</summary>
    DeadlinePassed = 3005,

    /// <summary>The gallery has reached its memory limit.</summary>
    GalleryFull = 3006,

    /// <summary>The keys of the tokens' issuer cannot be had now.</summary>
    KeysUnavailable = 3007,

    /// <summary>The audit log cannot be written: what is not recorded is not answered.</summary>
    AuditUnavailable = 3008,

    /// <summary>The agreements cannot be read: what is not known to be allowed is not done.</summary>
    AgreementsUnavailable = 3009,

    /// <summary>The case cannot be kept in which people would decide about the candidates: none is answered.</summary>
    CaseNotKept = 3010,

    /// <summary>A defect of the server.</summary>
    Unexpected = 9001,
}
