namespace MatchCluster.Api.Feeds;

/// <summary>What is asked of a pack.</summary>
internal sealed record PackRequest
{
    /// <summary>Public keys of whom it is for, in PEM (`pack-key` makes them).</summary>
    public required string Recipient { get; init; }

    /// <summary>Days after which nobody may search it any more.</summary>
    public required int Days { get; init; }

    /// <summary>Persons that it is to hold; everybody of the gallery where it is left out.</summary>
    public IReadOnlyList<string>? Persons { get; init; }
}

/// <summary>What became of a report.</summary>
/// <param name="PackId">The pack.</param>
/// <param name="Received">Hits of the report.</param>
/// <param name="New">Those that were not reported before.</param>
internal sealed record PackReportAnswer(string PackId, int Received, int New);

/// <summary>Hits of the copies of a pack.</summary>
/// <param name="PackId">The pack.</param>
/// <param name="GalleryId">Its gallery.</param>
/// <param name="Next">What to ask for next.</param>
/// <param name="Hits">Hits in the order in which they came.</param>
internal sealed record PackHitsAnswer(
    string PackId, string GalleryId, long Next, IReadOnlyList<PackHitBody> Hits);

/// <summary>A search of a copy that had candidates.</summary>
internal sealed record PackHitBody
{
    public required string HitId { get; init; }

    /// <summary>When, by the copy's clock.</summary>
    public required string At { get; init; }

    /// <summary>Who searched.</summary>
    public string? Partner { get; init; }

    /// <summary>For what.</summary>
    public string? Purpose { get; init; }

    /// <summary>Lowest score of a candidate.</summary>
    public double Threshold { get; init; }

    public required IReadOnlyList<PackCandidateBody> Candidates { get; init; }
}

/// <summary>A candidate of a hit.</summary>
internal sealed record PackCandidateBody
{
    public required int Rank { get; init; }

    public required string PersonId { get; init; }

    public required double Score { get; init; }

    public required IReadOnlyList<string> EncounterIds { get; init; }
}
