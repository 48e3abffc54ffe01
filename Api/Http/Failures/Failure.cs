using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Http.Failures;

/// <summary>Why a call has no answer; <see cref="HttpAnswers"/> says it in HTTP.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Message">What was found and what was wanted; no ids of persons, no biometric bytes.</param>
/// <param name="RetryAfter">When asking again may help.</param>
internal sealed record Failure(FailureCode Code, string Message, TimeSpan? RetryAfter = null)
{
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(1);

    /// <summary>Characters of a caller's text that a message repeats.</summary>
    private const int MostShown = 64;

    /// <summary>The budget ended before there was an answer.</summary>
    public static Failure DeadlinePassed { get; } =
        new(FailureCode.DeadlinePassed, "the deadline passed before an answer", SoonEnough);

    /// <summary>A header or a query parameter of another value than it may have.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="found">What the caller sent; null and empty for nothing.</param>
    /// <param name="wanted">What is taken.</param>
    public static Failure Invalid(string name, string? found, string wanted) => new(
        FailureCode.InvalidParameter,
        $"{name}: found {(string.IsNullOrEmpty(found) ? "nothing" : $"'{Shown(found)}'")}, wanted {wanted}");

    /// <summary>A defect of the server.</summary>
    /// <param name="traceId">Under which the log has it.</param>
    public static Failure Unexpected(string traceId) =>
        new(FailureCode.Unexpected, $"unexpected error; the server's log has it under the trace id {traceId}");

    /// <summary>The beginning of a caller's text, in printable ASCII.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Take(MostShown).Select(c => c is >= ' ' and <= '~' ? c : '?'))
        + (text.Length > MostShown ? "..." : "");

    public static Failure Of(Refusal refusal) => new(
        refusal.Kind switch
        {
            RefusalKind.Unknown => FailureCode.Unknown,
            RefusalKind.Conflict => FailureCode.Conflict,
            RefusalKind.Overloaded => FailureCode.Overloaded,
            RefusalKind.Full => FailureCode.GalleryFull,
            RefusalKind.Forbidden => CodeOf(refusal.Rule!.Value),
            RefusalKind.Unavailable => refusal.Rule is { } rule ? CodeOf(rule) : FailureCode.AgreementsUnavailable,
            _ => FailureCode.Refused,
        },
        refusal.Reason,
        refusal.RetryAfter ?? (refusal.Kind == RefusalKind.Overloaded ? SoonEnough : null));

    private static FailureCode CodeOf(UseRule rule) => rule switch
    {
        UseRule.CallerNotStated => FailureCode.CallerNotStated,
        UseRule.NoAgreement => FailureCode.NoAgreement,
        UseRule.AgreementExpired => FailureCode.AgreementExpired,
        UseRule.AgreementNotYetValid => FailureCode.AgreementNotYetValid,
        UseRule.AgreementSuspended => FailureCode.AgreementSuspended,
        UseRule.AgreementInPilot => FailureCode.AgreementInPilot,
        UseRule.PurposeMissing => FailureCode.PurposeMissing,
        UseRule.PurposeUnknown => FailureCode.PurposeUnknown,
        UseRule.PurposeNotGranted => FailureCode.PurposeNotGranted,
        UseRule.GalleryNotGranted => FailureCode.GalleryNotGranted,
        UseRule.GalleryOfAnotherOwner => FailureCode.GalleryOfAnotherOwner,
        UseRule.NotOwner => FailureCode.NotOwner,
        UseRule.ModalityNotGranted => FailureCode.ModalityNotGranted,
        UseRule.ThresholdTooLow => FailureCode.ThresholdTooLow,
        UseRule.PriorityTooHigh => FailureCode.PriorityTooHigh,
        UseRule.ReleaseTooSmall => FailureCode.ReleaseTooSmall,
        UseRule.QuotaExceeded => FailureCode.QuotaExceeded,
        UseRule.CaseNotKept => FailureCode.CaseNotKept,
        UseRule.PackExpired => FailureCode.PackExpired,
        UseRule.PackReadOnly => FailureCode.PackReadOnly,
    };

    public static Failure Of(Outage outage) => outage.MayRetry
        ? new(FailureCode.Unavailable, outage.Reason, SoonEnough)
        : new(FailureCode.StorageFailed, outage.Reason);

    /// <summary>The failure of an engine's answer that states both; null where it states neither.</summary>
    public static Failure? Of(Refusal? refusal, Outage? outage) =>
        refusal is not null ? Of(refusal) : outage is not null ? Of(outage) : null;
}

/// <summary>A value or the failure that stands in its place.</summary>
internal readonly struct Parsed<T>
{
    private Parsed(T? value, Failure? failure)
    {
        Value = value;
        Failure = failure;
    }

    public T? Value { get; }

    public Failure? Failure { get; }

    [MemberNotNullWhen(false, nameof(Value))]
    [MemberNotNullWhen(true, nameof(Failure))]
    public bool IsFailed => Failure is not null;

    /// <summary>Makes a result of an interface, for which C# has no implicit conversion.</summary>
    public static Parsed<T> Of(T value) => new(value, null);

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Failure failure) => new(default, failure);
}
