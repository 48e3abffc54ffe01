namespace MatchCluster.Matching.Governance;

/// <summary>The share of a partner in the machine, by its agreements.</summary>
public static class PartnerWeight
{
    /// <summary>
    /// The highest weight of the partner's agreements that hold at that time; null where none does. A call waits for
    /// its turn before it is known which of them allows it.
    /// </summary>
    /// <param name="book">What is agreed.</param>
    /// <param name="partner">The partner's name.</param>
    /// <param name="named">The agreement that the call names; null takes all of the partner's.</param>
    /// <param name="now">When.</param>
    public static int? Of(AgreementBook book, string partner, string? named, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        return Holding(book, partner, named, now).Max(one => (int?)one.Weight);
    }

    /// <summary>
    /// The highest priority that the partner's agreements which hold give it, 0..9; null where none holds.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static int? PriorityCapOf(AgreementBook book, string partner, string? named, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        return Holding(book, partner, named, now).Max(one => (int?)one.PriorityCap);
    }

    /// <summary>The partner's agreements that hold at that time.</summary>
    internal static IEnumerable<Agreement> Holding(
        AgreementBook book, string partner, string? named, DateTimeOffset now) =>
        book.Of(partner).Where(one => (named is null || named == one.Id)
            && !book.IsSuspended(one) && now >= one.ValidFrom && now < one.ValidTo);
}
