using System.Diagnostics.CodeAnalysis;

namespace MatchCluster.Matching.Model;

/// <summary>
/// Why some bytes are not what they claim to be: where, what was found, what was wanted.
/// Decoders return it; they never throw for hostile input.
/// </summary>
/// <param name="Offset">Byte offset into the input, or -1 where no single place is meant.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Wanted">What the format or the limit asks for.</param>
public sealed record Rejection(long Offset, string Found, string Wanted)
{
    public override string ToString() =>
        Offset < 0 ? $"found {Found}, wanted {Wanted}" : $"at byte {Offset}: found {Found}, wanted {Wanted}";
}

/// <summary>A value or the rejection that stands in its place.</summary>
public readonly struct Decoded<T>
    where T : class
{
    private Decoded(T? value, Rejection? rejection)
    {
        Value = value;
        Rejection = rejection;
    }

    public T? Value { get; }

    public Rejection? Rejection { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsAccepted => Value is not null;

    public static implicit operator Decoded<T>(T value) => new(value, null);

    public static implicit operator Decoded<T>(Rejection rejection) => new(null, rejection);
}

/// <summary>
/// The service is right and the caller may not have what it asked for: a limit was reached or a rule forbids it.
/// </summary>
/// <param name="Reason">A sentence with the numbers in it.</param>
/// <param name="RetryAfter">When asking again may help, or null where it will not.</param>
public sealed record Refusal(RefusalKind Kind, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>The rule about uses that forbids it; null for any other refusal.</summary>
    public UseRule? Rule { get; init; }

    /// <summary>The refusal of a rule about uses.</summary>
    public static Refusal Of(UseRule rule, string reason) =>
        new(RefusalKind.Forbidden, reason) { Rule = rule };
}

public enum RefusalKind
{
    /// <summary>The request itself is not acceptable.</summary>
    Invalid,

    /// <summary>The named person, encounter or gallery does not exist.</summary>
    Unknown,

    /// <summary>An identifier is taken already.</summary>
    Conflict,

    /// <summary>A queue is full; ask again later.</summary>
    Overloaded,

    /// <summary>The gallery has reached its memory limit; delete, or give it more.</summary>
    Full,

    /// <summary>An agreement does not allow it; the rule says why.</summary>
    Forbidden,

    /// <summary>Whether it is allowed cannot be said now.</summary>
    Unavailable,
}

/// <summary>The caller is right and the service cannot do it now.</summary>
/// <param name="Reason">A sentence for the operator; no personal data.</param>
/// <param name="MayRetry">Whether the same request may succeed later.</param>
public sealed record Outage(string Reason, bool MayRetry);
