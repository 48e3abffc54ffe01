using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.OpenApi;

/// <summary>What a refusal means for who reads the description, and how one looks.</summary>
internal static class FailureWords
{
    public static string Of(FailureCode code) => code switch
    {
        FailureCode.InvalidParameter => "The request is malformed; the message says where, and what was wanted.",
        FailureCode.CredentialsMissing =>
            "Where callers are checked: there are no credentials, or they are not good; the code says what is wrong.",
        FailureCode.ScopeMissing => "The credentials lack the scope of the operation.",
        FailureCode.Unknown => "The named person, encounter, gallery or task does not exist.",
        FailureCode.MayNotDecide => "The caller's partner may not see the candidate's details, or not decide about it.",
        FailureCode.DecidedAlready => "This person has decided about the candidate already.",
        FailureCode.CaseClosed => "Two persons agree about the candidate already, or the case's time has ended.",
        FailureCode.ProbeNeeded => "The case does not keep its probe, and it was not sent again.",
        FailureCode.ChangesCompacted =>
            "The log does not keep the position any more; the gallery has to be taken as a whole.",
        FailureCode.ChangesNotReached => "The log has not reached the position: it is of another server.",
        FailureCode.SubscriptionsNotKept => "The server keeps no subscriptions.",
        FailureCode.SubscriptionNotKept => "Nothing of the call may be kept, and a subscription is kept.",
        FailureCode.ChangesNotKept => "The server keeps no change logs.",
        FailureCode.PackNotMade => "The pack cannot be made; the message says why.",
        FailureCode.PackReportRefused => "The copy that the pack is for did not sign the report.",
        FailureCode.Conflict => "The id is taken, or the encounter was changed in the meantime.",
        FailureCode.BodyTooLarge => $"The body is longer than {ApiLimits.BodyBytes} bytes.",
        FailureCode.UnsupportedMediaType => "The body is not declared as the type that is wanted.",
        FailureCode.Overloaded => "Too much is waiting already.",
        FailureCode.TransactionConflict => "Another request was accepted with this transaction.",
        FailureCode.CallbackRefused => "The server of the callback is not on the list, or not for this caller.",
        FailureCode.TasksFull => "As many tasks wait as the server keeps.",
        FailureCode.OpaqueTooLarge => "An item that is not compared is longer than is kept of such items.",
        FailureCode.TasksOfPartnerFull => "As many of the partner's tasks wait as the server keeps for one.",
        FailureCode.Incomplete => "A part of the gallery was not searched and the rest has no candidate.",
        FailureCode.Unavailable => "A partition cannot answer now, or the deadline passed.",
        FailureCode.GalleryFull => "The gallery has reached its memory limit.",
        FailureCode.InvalidDocument => "A field of the document is not what it may be; the message names it.",
        FailureCode.PersonRequired => "A program called, and natural persons sign and decide.",
        FailureCode.AgreementsUnavailable => "The agreements cannot be read or written now.",
        FailureCode.Unexpected => "The store failed, or a defect of the server.",
        _ => throw new InvalidOperationException($"{code} has no words in the description"),
    };

    public static Failure ExampleOf(FailureCode code) => new(code, code switch
    {
        FailureCode.InvalidParameter => "maxNbCand: found 0, wanted 1..1000",
        FailureCode.CredentialsMissing => "wanted Authorization: Bearer TOKEN",
        FailureCode.ScopeMissing => "scope: the credentials do not have 'abis.identify', which this needs",
        FailureCode.Unknown => "unknown person",
        FailureCode.Conflict => "the person already has an encounter of this id",
        FailureCode.BodyTooLarge or FailureCode.UnsupportedMediaType =>
            HttpAnswers.FailureOfServer(HttpAnswers.StatusOf(code)).Message,
        FailureCode.Overloaded => "256 searches are running or waiting",
        FailureCode.TransactionConflict =>
            "transactionId: found another request than the one that this transaction was accepted with",
        FailureCode.Unavailable => "partition 3: loading",
        FailureCode.Unexpected => "unexpected error; the server's log has it under the trace id 0HN7",
        _ => Of(code),
    });
}
