namespace MatchCluster.Matching.Model;

/// <summary>Which side of a move an encounter stands on.</summary>
public enum TransitKind : byte
{
    /// <summary>It is about to go to another person; nobody but its move may change it.</summary>
    Leaving = 1,

    /// <summary>It has come from another person, who may still hold a copy that counts no longer.</summary>
    Arrived = 2,
}

/// <summary>
/// The mark of a move to another person that is under way. It is stored with the encounter, so that whoever finds it
/// after a crash knows how the move ends.
/// </summary>
/// <param name="Kind">Which side this is.</param>
/// <param name="Move">Names the move; every attempt has its own.</param>
/// <param name="Other">The person on the other side.</param>
/// <param name="Begun">When the move began: one that is too old is not carried on.</param>
public sealed record Transit(TransitKind Kind, Guid Move, string Other, DateTimeOffset Begun);
