namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// A named promise: how long work of this kind may take and how urgent it is. Calls, tasks and jobs carry one.
/// </summary>
/// <param name="Name">Its name: small letters, digits and hyphens. Also the label of its metrics.</param>
/// <param name="Deadline">From the request to its answer.</param>
/// <param name="Priority">The priority of work that states none of its own; caps hold all the same.</param>
/// <param name="Numbers">OSIA's numbers (<c>serviceLevel</c>, 0..9) that choose it.</param>
internal sealed record ServiceLevel(string Name, TimeSpan Deadline, Priority Priority, IReadOnlyList<int> Numbers);
