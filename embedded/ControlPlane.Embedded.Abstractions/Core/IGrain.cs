namespace Orleans;

/// <summary>Anything that a call can be addressed to.</summary>
public interface IAddressable;

/// <summary>A virtual actor: it exists as soon as its key is named.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;
